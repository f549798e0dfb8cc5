import type { LogLine } from '../backend/read/logs.ts'
import type { Session } from '../backend/session.ts'
import type { Emit } from '../execute/event.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Exit } from '../logs/follow-options.ts'
import type { Notice } from '../project/notice.ts'
import type { Confirm } from '../project/project.ts'
import type { Runtime } from '../project/runtime.ts'

/** The stack to open, and the listeners for its operations. */
export interface OpenProjectOptions {
  /** Absolute. The directory in which the search for stack files starts, and the base of relative paths. */
  directory: string
  /** Variables, such as `process.env`, for stack files and for selecting the engine. */
  environment: Readonly<Record<string, string | undefined>>
  /** Stack files to use instead of searching, as in `-f`; also in registries and Git repositories. */
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
  /** Whether a stack from elsewhere may use these variables of the environment; without it, such a stack is refused. */
  mayUseVariables?: Confirm
  /** Aborts all work: running steps end or are undone, and no others start. */
  signal?: AbortSignal
  /** Receives the events of each executed plan, with secrets masked. */
  onEvent?: Emit
  /** Receives other messages for the user, with secrets masked: warnings, and the reasons for waits. */
  onNotice?(notice: Notice): void
  /** Replaces parts of this machine: its engine, lock or state directory. */
  runtime?: Partial<Runtime>
  /** The system clock by default. */
  clock?: Clock
}

/** Options of one operation. */
export interface WorkOptions {
  /** In addition to the project's signal. */
  signal?: AbortSignal
  /** Replaces the project's listener. */
  onEvent?: Emit
  /** For a `run` intent with an attached container: receives the session for the program's input and output before the program starts. */
  onSession?(session: Session): void
}

export interface GuardRequest extends Pick<WorkOptions, 'signal'> {
  /** All by default. */
  services?: readonly string[]
  /** Receives one sentence about an event and the reaction to it. */
  onMessage(text: string): void
  /** Called after the guard's first round. */
  onReady?(): void
}

/** A container of a service. */
interface OfContainer {
  service: string
  /** Counts from 1 within the service. */
  number: number
}

/** A line of a container's log; `time` is RFC 3339 with nanoseconds. */
export interface ContainerLine extends OfContainer, LogLine {}

/** The end of a run of a container. */
export interface ContainerExit extends OfContainer, Exit {}

export interface LogsRequest extends Pick<WorkOptions, 'signal'> {
  /** All by default. */
  services?: readonly string[]
  /** Whether to continue with new lines, also after restarts, until no container runs or the signal aborts. */
  follow?: boolean
  /** The number of lines from the end of each log; all by default. */
  tail?: number
  since?: Date
  /** Ends the logs, also if `follow` is true. */
  until?: Date
  /** Called in order of time across containers; once for each line. */
  onLine(line: ContainerLine): void
  /** Called after the last line of a followed container. */
  onExit?(exit: ContainerExit): void
}

export interface EndpointsRequest {
  /** All by default. */
  services?: readonly string[]
  /** Whether addresses contain passwords. */
  showSecrets?: boolean
}
