/** Lets a fixed number through at once; the others wait their turn, in the order in which they came. */
export interface Gate {
  through<T>(work: () => Promise<T>): Promise<T>
  /** Resolves once there is room, to what gives it up again. */
  enter(): Promise<() => void>
}

export function gate(width: number): Gate {
  let inside = 0
  const waiting: (() => void)[] = []
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else inside--
  }
  const enter = async () => {
    if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else inside++
    return once(leave)
  }
  return {
    enter,
    async through(work) {
      const left = await enter()
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
