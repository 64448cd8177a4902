// express.static with its defaults.
import express from 'express';
import { createServer } from 'node:http';
import { listen, root } from './listen.mjs';

await listen(createServer(express().use(express.static(root))));
