#!/usr/bin/env node
import '../dist/bin/embedded-mongo.js';
