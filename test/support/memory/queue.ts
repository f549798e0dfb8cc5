import { setMaxListeners } from 'node:events'

/** Values that are pushed now and taken later, in order. After an abort the reader gets the signal's reason. */
export interface Queue<T> extends AsyncIterable<T> {
  push(value: T): void
}

export function queue<T>(signal: AbortSignal, onEnd: () => void): Queue<T> {
  const values: T[] = []
  let wake = () => {}
  setMaxListeners(0, signal)
  signal.addEventListener('abort', () => {
    onEnd()
    wake()
  })
  return {
    push(value) {
      values.push(value)
      wake()
    },
    [Symbol.asyncIterator]: () => ({
      async next() {
        while (values.length === 0) {
          signal.throwIfAborted()
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        return { done: false, value: values.shift() as T }
      },
      async return() {
        onEnd()
        return { done: true, value: undefined }
      },
    }),
  }
}
