import type { Context } from '../../../cli/context.ts'
import { wordsFor } from '../../../cli/show.ts'
import { clip } from '../../../view/width.ts'
import type { Watch } from '../watch/watch-along.ts'

/** What the keys of an attached `up` do. */
export interface MenuActions {
  /** Begins to watch source files. */
  watch(): Promise<Watch>
  detach(): void
}

/** The line of keys below the logs of an attached `up`, and what they do. */
export class Menu {
  #end: (() => void) | undefined
  #watching: Watch | undefined
  #isBusy = false

  constructor(
    private readonly context: Context,
    private readonly actions: MenuActions,
  ) {}

  /** Shows the line, if keys can be read. `watching` is the watch that the command line has begun. */
  begin(watching: Watch | undefined): void {
    this.#follow(watching)
    const listener = { pressed: (key: string) => void this.#press(key), resumed: () => this.#draw() }
    this.#end = this.context.host.console.keys(listener)
    this.#draw()
  }

  /** Removes the line, restores the terminal and ends watching. */
  async close(): Promise<void> {
    this.#end?.()
    this.#end = undefined
    this.context.terminal.out.footer?.(undefined)
    await this.#watching?.stop()
  }

  #draw(): void {
    if (!this.#end) return
    const watch = this.#watching ? 'stop watching' : 'watch files'
    const text = wordsFor(this.context, `w ${watch} · d detach · Ctrl-C stop`)
    // Shorter than the terminal: in the last column, some terminals begin another line.
    this.context.terminal.out.footer?.((columns) => clip(text, columns - 1))
  }

  async #press(key: string): Promise<void> {
    if (key === 'd') this.actions.detach()
    // Keeps what is above apart from what comes, as docker compose does.
    if (key === '\r' || key === '\n') await this.#space()
    if (key === 'w' && !this.#isBusy) await this.#toggleWatch()
  }

  async #space(): Promise<void> {
    const { beside } = await this.context.view()
    beside(() => this.context.print('\n'))
  }

  async #toggleWatch(): Promise<void> {
    this.#isBusy = true
    if (this.#watching) await this.#watching.stop()
    else this.#follow(await this.actions.watch())
    this.#isBusy = false
    this.#draw()
  }

  #follow(watching: Watch | undefined): void {
    this.#watching = watching
    const over = () => {
      this.#watching = undefined
      this.#draw()
    }
    watching?.ended.then(over, over)
  }
}
