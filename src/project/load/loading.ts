import { resolve } from 'node:path'
import type { BackendKind } from '../../backend/target.ts'
import { type Checked, StackError } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type Disk, readQuietly } from '../../load/file/disk.ts'
import type { LoadOptions } from '../../load/input.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Stack } from '../../stack/model.ts'
import { NOTHING_SENSITIVE, type Sensitive } from '../../stack/sensitive.ts'
import type { Runtime, StackSource } from '../runtime.ts'
import type { ContentOf } from './contents.ts'
import type { FetchedFiles } from './fetched-files.ts'
import type { StackFiles } from './stack-files.ts'

/** The parts of a project that this needs. */
interface Asking {
  runtime: Runtime
  source: StackSource
  disk: Disk
  fetched: FetchedFiles
  /** Throws a StackError if the limit is invalid. */
  parallel: number | undefined
  files(): Promise<StackFiles>
  backendKind(): Promise<BackendKind>
  warn(problems: readonly Diagnostic[]): Promise<void>
}

/** The files of a project and the stack in them, each read once, on first use. */
export class Loading {
  /** The values of the loaded stack that must not be shown. */
  sensitive: Sensitive = NOTHING_SENSITIVE
  /** The stack, once loaded. */
  stack: Stack | undefined
  readonly #texts = new Map<string, string>()
  #contentOf: ContentOf | undefined
  #variables: ((name: string) => string | undefined) | undefined
  #files: Promise<StackFiles> | undefined
  #checked: Promise<Checked<Loaded>> | undefined
  #loaded: Promise<Loaded> | undefined

  constructor(private readonly project: Asking) {}

  files(): Promise<StackFiles> {
    this.#files ??= this.#findFiles()
    return this.#files
  }

  loaded(named: readonly string[], options: LoadOptions): Promise<Loaded> {
    this.#loaded ??= this.checked(named, options).then((result) => this.#adopt(result))
    return this.#loaded
  }

  checked(named: readonly string[], options: LoadOptions): Promise<Checked<Loaded>> {
    this.#checked ??= this.#load(named, options)
    return this.#checked
  }

  contentOf(key: string): Uint8Array | undefined {
    return this.#contentOf?.(key)
  }

  /** A variable that the files set or that comes with them. */
  variable(name: string): string | undefined {
    return this.#variables?.(name)
  }

  textOf(file: string): string | undefined {
    const known = this.#texts.get(file)
    if (known !== undefined) return known
    const bytes = readQuietly(this.project.disk, resolve(this.project.runtime.cwd, file))
    return bytes && new TextDecoder().decode(bytes)
  }

  async #findFiles(): Promise<StackFiles> {
    const { project } = this
    const { findFiles, variableReader } = await import('./stack-files.ts')
    const files = await findFiles(project)
    this.#variables = variableReader(files, project.disk)
    if (files.stdin !== undefined) this.#texts.set('-', files.stdin)
    await project.warn(files.warnings)
    return files
  }

  async #load(named: readonly string[], options: LoadOptions): Promise<Checked<Loaded>> {
    const { disk, fetched } = this.project
    const [{ load }, { input }] = await Promise.all([import('../../load/load.ts'), this.files()])
    return fetched.whole(() => load({ ...input, named: [...named], options }, disk))
  }

  async #adopt(result: Checked<Loaded>): Promise<Loaded> {
    const { project } = this
    void project.parallel
    if (!result.ok) throw new StackError(result.diagnostics)
    const { checkDeclared } = await import('./backend-kind.ts')
    await checkDeclared(project, result.value)
    const { contentReader } = await import('./contents.ts')
    this.sensitive = result.value.sensitive
    this.stack = result.value.stack
    this.#contentOf = contentReader(result.value, project.disk)
    for (const [file, text] of result.value.sources) this.#texts.set(file, text)
    await project.warn(result.warnings)
    return result.value
  }
}
