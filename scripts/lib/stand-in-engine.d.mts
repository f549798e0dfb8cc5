import type { Server } from 'node:http'

export function standInEngine(image: string): Server
