import type { RequestListener } from 'node:http';

/** What is answered in HTTP/1.1: whether the node is there. Everything else is gRPC. */
export const answerHttp: RequestListener = (request, response) => {
  const { method, url } = request;
  if (method === 'GET' && url === '/ping') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ msgTypeId: 0, text: 'Ping request successfully handled' }));
  } else if (method === 'GET' && url === '/health/live') {
    response.writeHead(204).end();
  } else {
    response.writeHead(404).end();
  }
};
