import type { Plugin } from 'esbuild'

/** By importing file, below `node_modules`: what it requires, and what stands in its place. */
export interface StandIn {
  from: string
  requires: string[]
  stand: 'missing' | 'silent' | 'unwritten' | 'colourless' | 'https'
}

export function lazyRequires(standIns?: readonly StandIn[]): Plugin
