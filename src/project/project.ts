import type { Backend } from '../backend/backend.ts'
import type { ContainerListener } from '../backend/options.ts'
import type { Reader } from '../backend/reader.ts'
import type { BackendKind } from '../backend/target.ts'
import { type Checked, StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, isError } from '../diagnostics/diagnostic.ts'
import type { Clock } from '../execute/step-context.ts'
import { type Disk, realDisk } from '../load/file/disk.ts'
import type { LoadOptions } from '../load/input.ts'
import type { Loaded } from '../load/loaded.ts'
import type { UsedVariable } from '../load/variable/used-variables.ts'
import type { Stack } from '../stack/model.ts'
import type { Sensitive } from '../stack/sensitive.ts'
import { FetchedFiles } from './load/fetched-files.ts'
import { Loading } from './load/loading.ts'
import { Naming } from './load/naming.ts'
import type { StackFiles } from './load/stack-files.ts'
import type { Listener, Notice } from './notice.ts'
import { parallelLimit } from './parallel-limit.ts'
import type { Runtime, StackSource } from './runtime.ts'
import { withSlowReads } from './slow-reads.ts'
import type { OnFailure } from './state/state-folder.ts'
import { stateUnwritable } from './state/unwritable.ts'

export interface ProjectOptions {
  source: StackSource
  /** Aborts all work. */
  signal: AbortSignal
  clock: Clock
  listener: Listener
  /** Asks whether a stack of another place may use variables of this machine; without it, such a stack is refused. */
  confirm?: Confirm
}

/** The variables that a stack of another place uses; resolves to whether the user agrees. */
export type Confirm = (variables: readonly UsedVariable[]) => Promise<boolean>

/** A stack on a backend, opened for a single operation. Everything costly, such as reading the files, is done once, on first use. */
export class Project {
  /** All files of the project are read through it. */
  readonly disk: Disk = realDisk()
  /** Notified of containers that plans create and attach to. */
  containers: ContainerListener | undefined
  /** Stack files of other places. */
  readonly fetched: FetchedFiles
  readonly #loading: Loading
  readonly #naming: Naming
  #isStateless = false
  #backend: Promise<Backend<unknown, unknown>> | undefined
  #reader: Promise<Reader> | undefined
  #kind: Promise<BackendKind> | undefined

  constructor(
    readonly runtime: Runtime,
    private readonly options: ProjectOptions,
  ) {
    this.fetched = new FetchedFiles(this)
    this.#loading = new Loading(this)
    this.#naming = new Naming(this)
  }

  get source(): StackSource {
    return this.options.source
  }

  get signal(): AbortSignal {
    return this.options.signal
  }

  get clock(): Clock {
    return this.options.clock
  }

  get confirm(): Confirm | undefined {
    return this.options.confirm
  }

  get listener(): Listener {
    return this.options.listener
  }

  /** The stack, once loaded. */
  get stack(): Stack | undefined {
    return this.#loading.stack
  }

  /** The values of the loaded stack that must not be shown. */
  get sensitive(): Sensitive {
    return this.#loading.sensitive
  }

  /** The project's name, found with as little parsing as possible, and even if the files have problems elsewhere. */
  name(): Promise<string> {
    return this.#naming.name()
  }

  /** The name, once it is found. */
  get knownName(): string | undefined {
    return this.stack?.name ?? this.#naming.known
  }

  /** The same for commands that read nothing else from the files: problems that would stop other commands are reported as warnings. */
  existingName(): Promise<string> {
    return this.#naming.existing()
  }

  /** Reports, once, that containers are found by labels instead of by the stack file, and the problems or the reason. */
  goByLabels(found: readonly Diagnostic[], why?: string): Promise<void> {
    return this.#naming.goByLabels(found, why)
  }

  /** The stack's files. Throws StackError if there are none. */
  files(): Promise<StackFiles> {
    return this.#loading.files()
  }

  /**
   * Loads the stack and reports its warnings. Named services are active regardless of their profiles. Throws a StackError with all
   * problems. Loads only once: later calls get the result of the first, whatever their options.
   */
  loaded(named: readonly string[] = [], options: LoadOptions = {}): Promise<Loaded> {
    return this.#loading.loaded(named, options)
  }

  /** The same, but returns the problems as data and reports nothing. */
  checked(named: readonly string[] = [], options: LoadOptions = {}): Promise<Checked<Loaded>> {
    return this.#loading.checked(named, options)
  }

  backend(): Promise<Backend<unknown, unknown>> {
    this.#backend ??= this.#openBackend()
    return this.#backend
  }

  /** A reader, for commands that only read or stream. */
  reader(): Promise<Reader> {
    this.#reader ??= this.#openReader()
    return this.#reader
  }

  /** The stack's backend, as the user or the stack's files select it. */
  backendKind(): Promise<BackendKind> {
    this.#kind ??= this.#findKind()
    return this.#kind
  }

  /** The content of a secret or config of the loaded stack, by `secret/NAME` or `config/NAME`. */
  contentOf(key: string): Uint8Array | undefined {
    return this.#loading.contentOf(key)
  }

  /** A variable available to the stack's files. */
  variable(name: string): string | undefined {
    return this.runtime.env[name] ?? this.#loading.variable(name)
  }

  /** The maximum number of concurrent steps, if any. Throws a StackError if COMPOSE_PARALLEL_LIMIT is invalid. */
  get parallel(): number | undefined {
    return parallelLimit(this.source.parallel, this.variable('COMPOSE_PARALLEL_LIMIT'))
  }

  /** The text of one of the stack's files. If the stack failed to load, reads the file again to quote it. */
  textOf(file: string): string | undefined {
    return this.#loading.textOf(file)
  }

  /** Reports warnings. Throws a StackError if they include an error. */
  async warn(diagnostics: readonly Diagnostic[]): Promise<void> {
    if (diagnostics.some(isError)) throw new StackError([...diagnostics])
    if (diagnostics.length > 0) await this.notify({ kind: 'problems', problems: diagnostics })
  }

  /** Reports, once, that the state directory is not writable. The work continues. */
  readonly stateFailed: OnFailure = (cause) => {
    if (this.#isStateless) return
    this.#isStateless = true
    void this.warn([stateUnwritable(this.runtime.stateFolder, cause)])
  }

  async notify(notice: Notice): Promise<void> {
    await this.listener.notify(notice)
  }

  async #findKind(): Promise<BackendKind> {
    const { backendKindOf } = await import('./load/backend-kind.ts')
    return backendKindOf(this)
  }

  async #openReader(): Promise<Reader> {
    void this.parallel
    return withSlowReads(await this.runtime.openReader(await this.backendKind()), this)
  }

  async #openBackend(): Promise<Backend<unknown, unknown>> {
    void this.parallel
    const { openBackendOf } = await import('./open-backend.ts')
    return openBackendOf(this)
  }
}
