/** Whether only this machine reaches it: 127.0.0.0/8, ::1 or localhost. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
