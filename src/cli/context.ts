import type { Listener, Notice } from '../project/notice.ts'
import { Project } from '../project/project.ts'
import type { StackSource } from '../project/runtime.ts'
import type { Address } from '../stack/address.ts'
import { engineName } from '../stack/names.ts'
import type { Mode, View } from '../view/contract.ts'
import type { Terminal } from '../view/terminal.ts'
import { confirmation } from './confirm.ts'
import type { Globals } from './globals.ts'
import type { Host } from './host.ts'
import { showNotice } from './notices.ts'
import { calledAs, ownCommandLine } from './own-command.ts'
import { colouredTerminal, isAscii, isForPrograms, modeOf } from './terminal/modes.ts'

/** Parses a boolean as Go does. */
function isTrue(text = ''): boolean {
  return /^(?:1|t|true)$/i.test(text)
}

const NEVER = new AbortController().signal

/** A command's environment: its global flags, the terminal, the view for progress, and the project. */
export class Context {
  readonly globals: Globals
  readonly terminal: Terminal
  #project: Project
  #view: Promise<View> | undefined
  #isQuiet = false
  /** Notices that nobody has awaited yet. */
  #shown: Promise<void> | undefined

  constructor(
    readonly host: Host,
    given: Globals,
  ) {
    const globals = given.noAnsi && given.ansi === undefined ? { ...given, ansi: 'never' as const } : given
    this.globals = globals
    this.terminal = colouredTerminal(host, globals)
    this.#project = this.#open(globals)
  }

  /** The project of the stack that the command line selects. */
  get project(): Project {
    return this.#project
  }

  /** Switches to another stack than the one that the command line selects. */
  adopt(source: StackSource): void {
    this.#project = this.#open({ ...this.globals, ...source })
  }

  /** Aborts at the first Ctrl-C. */
  get signal(): AbortSignal {
    return this.host.interrupts.signal
  }

  /** Aborts once standard output has lost its reader. */
  get unread(): AbortSignal {
    return this.terminal.out.lost ?? NEVER
  }

  /** The progress mode. */
  mode(): Mode {
    const { host } = this
    const { out } = host.terminal
    const asked = modeOf(this.globals, this.#isOnStdout ? { ...host, terminal: { ...host.terminal, err: out } } : host)
    return this.#isQuiet && !isForPrograms(asked) ? 'quiet' : asked
  }

  /** The view that the flags select. */
  view(): Promise<View> {
    this.#view ??= this.#createView()
    return this.#view
  }

  /** Shows only errors from now on, like `--progress quiet`; the JSON modes stay unchanged. Call it before anything is shown. */
  quieten(): void {
    this.#isQuiet = true
  }

  /** Prints requested data to standard output. */
  print(text: string): void {
    this.terminal.out.write(text)
  }

  /** Prints the output of a container, on the same stream. */
  pass({ stream, text }: { stream: 'stdout' | 'stderr'; text: string }): void {
    this.terminal[stream === 'stdout' ? 'out' : 'err'].write(text)
  }

  /** The beginning of a command line about this project that the user can type, up to the command's name. */
  ownCommand(command: string): string {
    const { source, knownName } = this.project
    return ownCommandLine({ calledAs: calledAs(this.host), source, project: knownName }, command)
  }

  /** Waits until the terminal has received everything. */
  async flush(): Promise<void> {
    await this.#shown
    if (this.#view) await (await this.#view).flush()
  }

  #open(source: StackSource): Project {
    const { interrupts } = this.host
    const { clock } = this.terminal
    const listener = this.#listener()
    const confirm = this.globals.yes ? async () => true : confirmation(this.host, interrupts.signal, () => this.flush())
    return new Project(this.host, { source, signal: interrupts.signal, clock, listener, ...(confirm && { confirm }) })
  }

  #listener(): Listener {
    return {
      notify: (notice) => this.#show(notice),
      events: async () => (await this.view()).emit,
      flush: () => this.flush(),
    }
  }

  #show(notice: Notice): Promise<void> {
    this.#shown = this.view().then((view) => showNotice(view, notice))
    return this.#shown
  }

  get #isOnStdout(): boolean {
    return isTrue(this.host.env.COMPOSE_STATUS_STDOUT)
  }

  async #createView(): Promise<View> {
    const [{ createView }, { asciiTerminal }] = await Promise.all([
      import('../view/view.ts'),
      import('../view/ascii.ts'),
    ])
    const mode = this.mode()
    const terminal = isAscii(this.host.env) && !isForPrograms(mode) ? asciiTerminal(this.terminal) : this.terminal
    const facts = {
      sensitive: () => this.project.sensitive,
      sourceOf: (file: string) => this.project.textOf(file),
      variable: (name: string) => this.project.variable(name),
      ownCommand: (command: string) => this.ownCommand(command),
      workingDirectory: this.host.cwd,
      engineName: (address: Address, project: string) => engineName(address, project, this.project.stack),
      isDryRun: this.globals.dryRun,
    }
    const view = await createView(mode, terminal, facts)
    if (!this.#isOnStdout) return view
    const status = await createView(mode, { ...terminal, err: terminal.out }, facts)
    return { ...status, problems: (found) => status.beside(() => view.problems(found)) }
  }
}
