/** Lets a fixed number through at once; the others wait their turn, in the order in which they came. */
export interface Semaphore {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once there is room, to what gives it up again. */
  acquire(): Promise<() => void>
}

export function semaphore(width: number): Semaphore {
  let inside = 0
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else inside--
  }
  const acquire = async () => {
    if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside++
    return once(leave)
  }
  return {
    acquire,
    async run(work) {
      const left = await acquire()
      try {
        return await work()
      } finally {
        left()
      }
    },
  }
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}
