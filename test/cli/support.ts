import type { Console, Host } from '../../src/cli/host.ts'
import type { Clock } from '../../src/execute/step-context.ts'
import { virtualClock } from '../support/clock.ts'

export interface TestHost {
  host: Host
  out(): string
  err(): string
  /** Ctrl-C. */
  interrupt(): void
  /** Files written, by absolute path. */
  written: Map<string, string>
}

export type HostOptions = Partial<Omit<Host, 'terminal' | 'interrupts' | 'console'>> & {
  clock?: Clock
  columns?: number
  isTTY?: boolean
  /** Aborts when nobody reads standard output any more. */
  unread?: AbortSignal
  /** What is piped to it. */
  stdin?: Uint8Array[]
}

/** A host without a process: what is printed is kept, time is virtual, and there is no engine unless one is handed in. */
export function testHost(argv: readonly string[], options: HostOptions = {}): TestHost {
  const { clock = virtualClock(), columns = 80, isTTY = false, unread, stdin = [], ...rest } = options
  const printed = { out: '', err: '' }
  const output = (stream: 'out' | 'err') => ({
    write(text: string) {
      printed[stream] += text
    },
    isTTY,
    columns: () => columns,
    rows: () => 24,
    colours: 0 as const,
    ...(stream === 'out' && unread && { lost: unread }),
  })
  const controllers = [new AbortController()]
  const first = controllers[0] as AbortController
  const written = new Map<string, string>()
  const host: Host = {
    argv,
    env: {},
    cwd: '/nowhere',
    version: '1.2.3',
    documentation: (path) => `https://flotilla.example/${path}`,
    terminal: { out: output('out'), err: output('err'), clock },
    interrupts: { signal: first.signal, next: () => added(controllers).signal, divert: () => () => undefined },
    console: pipes(stdin, printed),
    wallTime: () => Date.UTC(2026, 0, 2, 3, 4, 5),
    readStdin: async () => '',
    writeFile: async (path, text) => void written.set(path, text),
    lock: async () => async () => undefined,
    stateFolder: '/nowhere/state',
    openReader: async () => {
      throw new Error('no engine in these tests')
    },
    openBackend: async () => {
      throw new Error('this test has no backend')
    },
    engineVersion: async () => undefined,
    ...rest,
  }
  const interrupt = () => controllers.find((each) => !each.signal.aborted)?.abort()
  return { host, out: () => printed.out, err: () => printed.err, interrupt, written }
}

function pipes(stdin: Uint8Array[], printed: { out: string; err: string }): Console {
  return {
    isTTY: () => false,
    async *input() {
      yield* stdin
    },
    async write(stream, bytes) {
      printed[stream === 'stdout' ? 'out' : 'err'] += Buffer.from(bytes).toString('utf8')
    },
    raw: () => () => undefined,
    keys: () => undefined,
    onResize: () => () => undefined,
  }
}

function added(controllers: AbortController[]): AbortController {
  const controller = new AbortController()
  controllers.push(controller)
  return controller
}
