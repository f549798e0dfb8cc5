/** Admits a fixed number of holders at a time; the others wait in order of arrival. */
export interface Semaphore {
  run<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once a place is free; call the result to release it. */
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
