import { sep } from 'node:path'
import { type Checked, failed, StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { RemoteFiles } from '../../load/input.ts'
import { withoutPassword } from '../../stack/remote-reference.ts'
import type { Runtime, StackSource } from '../runtime.ts'

/** The parts of a project that this needs. */
interface Asking {
  runtime: Pick<Runtime, 'fetchStack'>
  source: Pick<StackSource, 'insecureRegistry' | 'offline'>
  signal: AbortSignal
}

/** Stack files that include each other endlessly would be fetched endlessly. */
const MOST_FETCHED = 100

/** The stack files of a project that are elsewhere. Each is fetched once. */
export class FetchedFiles implements RemoteFiles {
  readonly #found = new Map<string, Checked<string>>()
  readonly #wanted = new Set<string>()
  readonly #folders = new Set<string>()

  constructor(private readonly project: Asking) {}

  /** The folders of the fetched stacks. */
  get folders(): readonly string[] {
    return [...this.#folders]
  }

  has(file: string): boolean {
    return this.folders.some((folder) => file.startsWith(folder + sep))
  }

  find(reference: string): Checked<string> | undefined {
    const found = this.#found.get(reference)
    if (!found) this.#wanted.add(reference)
    return found
  }

  /** The path of a reference's stack file. Throws a StackError. */
  async fetch(reference: string): Promise<string> {
    const { runtime, signal, source } = this.project
    if (!runtime.fetchStack || source.offline) throw new StackError([offline(reference)])
    if (this.#found.size >= MOST_FETCHED) throw new StackError([tooMany()])
    const { file, folder } = await runtime.fetchStack(reference, { signal, insecure: source.insecureRegistry ?? [] })
    this.#folders.add(folder)
    this.#found.set(reference, { ok: true, value: file, warnings: [] })
    return file
  }

  /** Repeats a load until everything that it names has been fetched, or cannot be. */
  async whole<T>(load: () => T): Promise<T> {
    for (;;) {
      const result = load()
      if (this.#wanted.size === 0) return result
      for (const reference of this.#wanted) await this.#try(reference)
      this.#wanted.clear()
    }
  }

  async #try(reference: string): Promise<void> {
    try {
      await this.fetch(reference)
    } catch (thrown) {
      if (!(thrown instanceof StackError)) throw thrown
      this.#found.set(reference, failed(...thrown.diagnostics))
    }
  }
}

function offline(reference: string) {
  return error('remote-unavailable', `${foreign(withoutPassword(reference))} is not fetched here`)
}

function tooMany() {
  const message = `more than ${MOST_FETCHED} stack files are in other places`
  return error('remote-unavailable', message, { hint: 'include fewer of them' })
}
