import type { Session } from '../backend/session.ts'
import type { Emit } from '../execute/event.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Notice } from '../project/notice.ts'
import type { Runtime } from '../project/runtime.ts'

/** Which stack, and who hears of what is done to it. */
export interface OpenProjectOptions {
  /** Where stack files are looked for, and relative paths start; absolute. */
  directory: string
  /** Variables, such as `process.env`: those of stack files, and those that say which engine is meant. */
  environment: Readonly<Record<string, string | undefined>>
  /** Stack files instead of those that are found, as `-f`. */
  files?: readonly string[]
  /** As `-p`. */
  projectName?: string
  /** As `--project-directory`. */
  projectDirectory?: string
  /** As `--env-file`. */
  envFiles?: readonly string[]
  /** As `--profile`. */
  profiles?: readonly string[]
  /** As `--backend`. */
  backend?: string
  /** As `--compatibility`. */
  compatibility?: boolean
  /** Aborts whatever is under way: steps that run end or are undone, and no others begin. */
  signal?: AbortSignal
  /** Hears the events of each plan that is carried out, secrets masked. */
  onEvent?: Emit
  /** Hears what else a user should know, secrets masked: warnings, and for what is being waited. */
  onNotice?(notice: Notice): void
  /** Replaces parts of this machine: its engine, lock or state directory. */
  runtime?: Partial<Runtime>
  /** By default the machine's. */
  clock?: Clock
}

/** For one piece of work. */
export interface WorkOptions {
  /** Beside that of the project. */
  signal?: AbortSignal
  /** Instead of the project's. */
  onEvent?: Emit
  /** Of a `run` intent whose container is attached: takes the program's input and output. Called before the program starts. */
  onSession?(session: Session): void
}

export interface GuardRequest extends Pick<WorkOptions, 'signal'> {
  /** By default all. */
  services?: readonly string[]
  /** One sentence about what happened, and what is done about it. */
  onMessage(text: string): void
  /** The guard has looked at everything for the first time. */
  onReady?(): void
}
