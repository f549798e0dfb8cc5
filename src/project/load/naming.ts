import type { Reader } from '../../backend/reader.ts'
import { StackError } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Disk } from '../../load/file/disk.ts'
import type { Runtime, StackSource } from '../runtime.ts'
import type { FetchedFiles } from './fetched-files.ts'
import type { StackFiles } from './stack-files.ts'

/** The parts of a project that this needs. */
interface Asking {
  runtime: Pick<Runtime, 'env' | 'cwd'>
  source: StackSource
  disk: Disk
  fetched: FetchedFiles
  signal: AbortSignal
  files(): Promise<StackFiles>
  reader(): Promise<Reader>
  variable(name: string): string | undefined
  warn(problems: readonly Diagnostic[]): Promise<void>
  goByLabels(problems: readonly Diagnostic[]): Promise<void>
}

/** The name of a project, found once, with as little parsing as possible. */
export class Naming {
  /** The name, once it is found. */
  known: string | undefined
  #name: Promise<string> | undefined
  /** Problems of the files that did not prevent finding the project's name. */
  #problems: readonly Diagnostic[] = []
  #isByLabels = false

  constructor(private readonly project: Asking) {}

  name(): Promise<string> {
    this.#name ??= this.#find()
    return this.#name
  }

  async existing(): Promise<string> {
    const name = await this.name()
    if (this.#problems.length > 0) await this.goByLabels(this.#problems)
    else await (await import('./signs.ts')).reportBySigns(this.project)
    return name
  }

  async goByLabels(found: readonly Diagnostic[], why = 'its stack file cannot be used'): Promise<void> {
    if (this.#isByLabels) return
    this.#isByLabels = true
    const { inSpiteOf } = await import('./name-despite.ts')
    const name = await this.name()
    await this.project.warn(inSpiteOf(found, `project ${name} is read from the labels of its containers: ${why}`))
  }

  async #find(): Promise<string> {
    this.known = await this.#search()
    return this.known
  }

  async #search(): Promise<string> {
    const { nameOf } = await import('./stack-files.ts')
    try {
      return await nameOf(this.project)
    } catch (thrown) {
      if (!(thrown instanceof StackError)) throw thrown
      const { nameDespite } = await import('./name-despite.ts')
      const name = await nameDespite(this.project, thrown)
      this.#problems = thrown.diagnostics
      return name
    }
  }
}
