import { resolve } from 'node:path'
import type { Backend } from '../backend/backend.ts'
import type { Reader } from '../backend/reader.ts'
import type { ContainerListener } from '../backend/registry.ts'
import { type Checked, StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, isError } from '../diagnostics/diagnostic.ts'
import { type Disk, isOpenToAll, realDirectory, realDisk } from '../load/file/disk.ts'
import type { LoadOptions } from '../load/input.ts'
import type { Loaded } from '../load/loaded.ts'
import type { ContentOf } from '../project/contents.ts'
import { readQuietly } from '../project/read-quietly.ts'
import { attentive, attentiveReader, type Listener } from '../project/slow-reads.ts'
import { NOTHING_SENSITIVE, type Sensitive } from '../stack/sensitive.ts'
import type { Terminal } from '../view/terminal.ts'
import type { View } from '../view/view.ts'
import type { Globals } from './globals.ts'
import type { Host } from './host.ts'
import type { Project } from './project.ts'
import { colouredTerminal, isAscii, modeOf } from './terminal/modes.ts'

const NEVER = new AbortController().signal

/** What a command works with. Everything costly is made when it is first asked for, and only once. */
export class Context {
  readonly terminal: Terminal
  readonly #sources = new Map<string, string>()
  #sensitive: Sensitive = NOTHING_SENSITIVE
  #contentOf: ContentOf | undefined
  #variables: ((name: string) => string | undefined) | undefined
  #containers: ContainerListener | undefined
  #view: Promise<View> | undefined
  #name: Promise<string> | undefined
  #project: Promise<Project> | undefined
  #checked: Promise<Checked<Loaded>> | undefined
  #loaded: Promise<Loaded> | undefined
  /** Problems that the project's name was found in spite of. */
  #despite: readonly Diagnostic[] = []
  #isByLabels = false
  #backend: Promise<Backend<unknown, unknown>> | undefined
  #reader: Promise<Reader> | undefined

  #globals: Globals

  constructor(
    readonly host: Host,
    globals: Globals,
  ) {
    this.#globals = globals
    this.terminal = colouredTerminal(host, globals)
  }

  get globals(): Globals {
    return this.#globals
  }

  /** Works on another stack than the command line names, before any was looked for. */
  adopt(stack: Pick<Globals, 'file' | 'projectName' | 'projectDirectory' | 'envFile' | 'profile'>): void {
    if (this.#project || this.#name) throw new Error('a stack was looked for already')
    this.#globals = { ...this.#globals, ...stack }
  }

  /** Aborts at the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.host.interrupts.signal
  }

  /** Aborts once nobody reads standard output any more. */
  get unread(): AbortSignal {
    return this.terminal.out.lost ?? NEVER
  }

  /** What the loaded stack says must not be shown. */
  get sensitive(): Sensitive {
    return this.#sensitive
  }

  /** The view that the flags ask for. */
  view(): Promise<View> {
    this.#view ??= this.#createView()
    return this.#view
  }

  /** The project's name, without parsing more than it takes; also where the files have problems, as far as they say it. */
  projectName(): Promise<string> {
    this.#name ??= this.#findName()
    return this.#name
  }

  /** The same for commands that read no more of the files: problems that are in the way of others are shown as warnings. */
  async existingProject(): Promise<string> {
    const name = await this.projectName()
    if (this.#despite.length > 0) await this.goByLabels(this.#despite)
    return name
  }

  /** Shows, once, that labels are gone by rather than the stack file: for these problems of it, or another reason. */
  async goByLabels(found: readonly Diagnostic[], why = 'its stack file cannot be used'): Promise<void> {
    if (this.#isByLabels) return
    this.#isByLabels = true
    const { inSpiteOf } = await import('./name-despite.ts')
    const project = await this.projectName()
    await this.warn(inSpiteOf(found, `project ${project} is known by its labels alone: ${why}`))
  }

  /** The stack's files. Throws StackError if there are none. */
  project(): Promise<Project> {
    this.#project ??= this.#readProject()
    return this.#project
  }

  /**
   * The stack, its warnings shown; services that the user named are active whatever their profiles say. Throws StackError with
   * all problems. Loaded once: later callers get what the first asked for.
   */
  loaded(named: readonly string[] = [], options: LoadOptions = {}): Promise<Loaded> {
    this.#loaded ??= this.checked(named, options).then((result) => this.#adopted(result))
    return this.#loaded
  }

  /** The same with its problems as data, and nothing shown. */
  checked(named: readonly string[] = [], options: LoadOptions = {}): Promise<Checked<Loaded>> {
    this.#checked ??= this.#load(named, options)
    return this.#checked
  }

  backend(): Promise<Backend<unknown, unknown>> {
    this.#backend ??= this.#openBackend()
    return this.#backend
  }

  /** For commands that only look or stream. */
  reader(): Promise<Reader> {
    this.#reader ??= this.host.openReader().then((reader) => attentiveReader(reader, this.#listener()))
    return this.#reader
  }

  /** Who hears of containers that plans create and attach to. */
  set containers(listener: ContainerListener) {
    this.#containers = listener
  }

  /** What a secret or config of the loaded stack holds, by `secret/NAME` or `config/NAME`. */
  contentOf(key: string): Uint8Array | undefined {
    return this.#contentOf?.(key)
  }

  /** Shows warnings; an error among them ends the command. */
  async warn(diagnostics: readonly Diagnostic[]): Promise<void> {
    if (diagnostics.some(isError)) throw new StackError([...diagnostics])
    if (diagnostics.length > 0) (await this.view()).problems(diagnostics)
  }

  /** Asked-for data, to standard output. */
  print(text: string): void {
    this.terminal.out.write(text)
  }

  /** What a container printed, on the stream that it printed it on. */
  pass({ stream, text }: { stream: 'stdout' | 'stderr'; text: string }): void {
    this.terminal[stream === 'stdout' ? 'out' : 'err'].write(text)
  }

  /** Waits until everything that was told is on the terminal. */
  async flush(): Promise<void> {
    if (this.#view) await (await this.#view).flush()
  }

  async #findName(): Promise<string> {
    const { nameOf } = await import('./project.ts')
    try {
      return await nameOf(this.host, this.globals, () => this.project())
    } catch (thrown) {
      if (!(thrown instanceof StackError)) throw thrown
      const { nameDespite } = await import('./name-despite.ts')
      const name = await nameDespite(this, thrown)
      this.#despite = thrown.diagnostics
      return name
    }
  }

  async #openBackend(): Promise<Backend<unknown, unknown>> {
    const [project, { fileJournal }] = await Promise.all([this.projectName(), import('../project/journal.ts')])
    const journal = fileJournal(this.host.stateFolder, project, () => this.host.wallTime())
    const backend = await this.host.openBackend({
      project,
      journal,
      containers: {
        created: (name, id) => this.#containers?.created(name, id),
        attached: (session) => this.#containers?.attached(session),
      },
      contentOf: (key) => this.contentOf(key),
      isOpenToAll,
      realDirectory,
      wallTime: this.host.wallTime,
    })
    return attentive(backend, this.#listener())
  }

  /** Hears when the engine does not answer. */
  #listener(): Listener {
    const say = (text: string) => void this.view().then((view) => view.say(text))
    return { signal: this.signal, clock: this.terminal.clock, say }
  }

  async #readProject(): Promise<Project> {
    const { readProject, variableReader } = await import('./project.ts')
    const project = await readProject(this.host, this.globals)
    this.#variables = variableReader(project)
    if (project.stdin !== undefined) this.#sources.set('-', project.stdin)
    await this.warn(project.warnings)
    return project
  }

  async #load(named: readonly string[], options: LoadOptions): Promise<Checked<Loaded>> {
    const [{ load }, { input }] = await Promise.all([import('../load/load.ts'), this.project()])
    return load({ ...input, named: [...named], options }, realDisk())
  }

  async #adopted(result: Checked<Loaded>): Promise<Loaded> {
    if (!result.ok) throw new StackError(result.diagnostics)
    const { contentReader } = await import('../project/contents.ts')
    this.#sensitive = result.value.sensitive
    this.#contentOf = contentReader(result.value, realDisk())
    for (const [file, text] of result.value.sources) this.#sources.set(file, text)
    await this.warn(result.warnings)
    return result.value
  }

  async #createView(): Promise<View> {
    const [{ createView }, { asciiTerminal }] = await Promise.all([
      import('../view/view.ts'),
      import('../view/ascii.ts'),
    ])
    const disk = realDisk()
    const mode = modeOf(this.globals, this.host)
    const terminal = isAscii(this.host.env) && mode !== 'json' ? asciiTerminal(this.terminal) : this.terminal
    return createView(mode, terminal, {
      sensitive: () => this.#sensitive,
      sourceOf: (file) => this.#sources.get(file) ?? textOf(disk, resolve(this.host.cwd, file)),
      variable: (name) => this.host.env[name] ?? this.#variables?.(name),
      workingDirectory: this.host.cwd,
    })
  }
}

/** Files of a stack that failed to load are read once more to be quoted. */
function textOf(disk: Disk, path: string): string | undefined {
  const bytes = readQuietly(disk, path)
  return bytes && new TextDecoder().decode(bytes)
}
