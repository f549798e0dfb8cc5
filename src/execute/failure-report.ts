import type { Address } from '../stack/address.ts'

/** A failure's story: everything one would otherwise look up by hand. All parts but the subject are optional. */
export interface FailureReport {
  subject: Address
  container?: string
  image?: string
  /** How the container ended, with what the code means in words. */
  exit?: { code: number; meaning: string; oomKilled: boolean; restarts: number }
  /** The last health probe. */
  probe?: { command: string; exitCode: number; output: string; failures: number }
  /** The last lines of the container's log or of the build's output, oldest first. */
  log?: string[]
  /** A host port that could not be had, and what holds it. */
  port?: { port: string; holder: string }
  /** The services that wait for this one, nearest first. */
  waiting?: string[]
  /** What to try, most likely first. */
  tries: string[]
}
