import { resolve } from 'node:path'
import type { Backend } from '../backend/backend.ts'
import type { ContainerListener } from '../backend/options.ts'
import type { Reader } from '../backend/reader.ts'
import type { BackendKind } from '../backend/target.ts'
import { type Checked, StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, isError } from '../diagnostics/diagnostic.ts'
import type { Clock } from '../execute/step-context.ts'
import { type Disk, readQuietly, realDisk } from '../load/file/disk.ts'
import type { LoadOptions } from '../load/input.ts'
import type { Loaded } from '../load/loaded.ts'
import type { UsedVariable } from '../load/variable/used-variables.ts'
import type { Stack } from '../stack/model.ts'
import { NOTHING_SENSITIVE, type Sensitive } from '../stack/sensitive.ts'
import type { ContentOf } from './load/contents.ts'
import { FetchedFiles } from './load/fetched-files.ts'
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
  readonly #texts = new Map<string, string>()
  #sensitive: Sensitive = NOTHING_SENSITIVE
  #stack: Stack | undefined
  #contentOf: ContentOf | undefined
  #variables: ((name: string) => string | undefined) | undefined
  #name: Promise<string> | undefined
  #knownName: string | undefined
  #files: Promise<StackFiles> | undefined
  #checked: Promise<Checked<Loaded>> | undefined
  #loaded: Promise<Loaded> | undefined
  /** Problems of the files that did not prevent finding the project's name. */
  #nameProblems: readonly Diagnostic[] = []
  #isByLabels = false
  #isStateless = false
  #backend: Promise<Backend<unknown, unknown>> | undefined
  #reader: Promise<Reader> | undefined
  #kind: Promise<BackendKind> | undefined

  constructor(
    readonly runtime: Runtime,
    private readonly options: ProjectOptions,
  ) {
    this.fetched = new FetchedFiles(this)
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
    return this.#stack
  }

  /** The values of the loaded stack that must not be shown. */
  get sensitive(): Sensitive {
    return this.#sensitive
  }

  /** The project's name, found with as little parsing as possible, and even if the files have problems elsewhere. */
  name(): Promise<string> {
    this.#name ??= this.#findName()
    return this.#name
  }

  /** The name, once it is found. */
  get knownName(): string | undefined {
    return this.#stack?.name ?? this.#knownName
  }

  /** The same for commands that read nothing else from the files: problems that would stop other commands are reported as warnings. */
  async existingName(): Promise<string> {
    const name = await this.name()
    if (this.#nameProblems.length > 0) await this.goByLabels(this.#nameProblems)
    else await (await import('./load/signs.ts')).reportBySigns(this)
    return name
  }

  /** Reports, once, that containers are found by labels instead of by the stack file, and the problems or the reason. */
  async goByLabels(found: readonly Diagnostic[], why = 'its stack file cannot be used'): Promise<void> {
    if (this.#isByLabels) return
    this.#isByLabels = true
    const { inSpiteOf } = await import('./load/name-despite.ts')
    const name = await this.name()
    await this.warn(inSpiteOf(found, `project ${name} is read from the labels of its containers: ${why}`))
  }

  /** The stack's files. Throws StackError if there are none. */
  files(): Promise<StackFiles> {
    this.#files ??= this.#findFiles()
    return this.#files
  }

  /**
   * Loads the stack and reports its warnings. Named services are active regardless of their profiles. Throws a StackError with all
   * problems. Loads only once: later calls get the result of the first, whatever their options.
   */
  loaded(named: readonly string[] = [], options: LoadOptions = {}): Promise<Loaded> {
    this.#loaded ??= this.checked(named, options).then((result) => this.#adopt(result))
    return this.#loaded
  }

  /** The same, but returns the problems as data and reports nothing. */
  checked(named: readonly string[] = [], options: LoadOptions = {}): Promise<Checked<Loaded>> {
    this.#checked ??= this.#load(named, options)
    return this.#checked
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
    return this.#contentOf?.(key)
  }

  /** A variable available to the stack's files. */
  variable(name: string): string | undefined {
    return this.runtime.env[name] ?? this.#variables?.(name)
  }

  /** The maximum number of concurrent steps, if any. Throws a StackError if COMPOSE_PARALLEL_LIMIT is invalid. */
  get parallel(): number | undefined {
    return parallelLimit(this.source.parallel, this.variable('COMPOSE_PARALLEL_LIMIT'))
  }

  /** The text of one of the stack's files. If the stack failed to load, reads the file again to quote it. */
  textOf(file: string): string | undefined {
    const known = this.#texts.get(file)
    if (known !== undefined) return known
    const bytes = readQuietly(this.disk, resolve(this.runtime.cwd, file))
    return bytes && new TextDecoder().decode(bytes)
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

  async #findName(): Promise<string> {
    this.#knownName = await this.#searchName()
    return this.#knownName
  }

  async #searchName(): Promise<string> {
    const { nameOf } = await import('./load/stack-files.ts')
    try {
      return await nameOf(this)
    } catch (thrown) {
      if (!(thrown instanceof StackError)) throw thrown
      const { nameDespite } = await import('./load/name-despite.ts')
      const name = await nameDespite(this, thrown)
      this.#nameProblems = thrown.diagnostics
      return name
    }
  }

  async #findFiles(): Promise<StackFiles> {
    const { findFiles, variableReader } = await import('./load/stack-files.ts')
    const files = await findFiles(this)
    this.#variables = variableReader(files, this.disk)
    if (files.stdin !== undefined) this.#texts.set('-', files.stdin)
    await this.warn(files.warnings)
    return files
  }

  async #load(named: readonly string[], options: LoadOptions): Promise<Checked<Loaded>> {
    const [{ load }, { input }] = await Promise.all([import('../load/load.ts'), this.files()])
    return this.fetched.whole(() => load({ ...input, named: [...named], options }, this.disk))
  }

  async #adopt(result: Checked<Loaded>): Promise<Loaded> {
    void this.parallel
    if (!result.ok) throw new StackError(result.diagnostics)
    const { checkDeclared } = await import('./load/backend-kind.ts')
    await checkDeclared(this, result.value)
    const { contentReader } = await import('./load/contents.ts')
    this.#sensitive = result.value.sensitive
    this.#stack = result.value.stack
    this.#contentOf = contentReader(result.value, this.disk)
    for (const [file, text] of result.value.sources) this.#texts.set(file, text)
    await this.warn(result.warnings)
    return result.value
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
