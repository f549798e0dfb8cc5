/** Lets a fixed number through at once; the others wait their turn. */
export interface Gate {
  through<T>(work: () => Promise<T>): Promise<T>
}

export function gate(width: number): Gate {
  let inside = 0
  const waiting: (() => void)[] = []
  return {
    async through(work) {
      if (inside >= width) await new Promise<void>((enter) => waiting.push(enter))
      else inside++
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else inside--
      }
    },
  }
}
