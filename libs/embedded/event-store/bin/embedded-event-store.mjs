#!/usr/bin/env node
import '../dist/bin/embedded-event-store.js';
