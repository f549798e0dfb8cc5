import type { Runtime } from '../project/runtime.ts'

/** The process and machine of a program that opens a project. */
export interface Machine extends Pick<Runtime, 'env' | 'cwd' | 'readStdin'> {
  platform: NodeJS.Platform
  /** The user's home directory; absolute. */
  home: string
}
