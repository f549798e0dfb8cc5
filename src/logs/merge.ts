/** Merges streams that are each sorted by time. Equal times keep the order of the streams. */
export async function* mergeByTime<T extends { time?: string }>(
  streams: readonly AsyncIterable<T>[],
): AsyncGenerator<T> {
  const open = streams.map((stream) => stream[Symbol.asyncIterator]())
  const heads = await Promise.all(open.map((each) => each.next()))
  for (;;) {
    const first = earliest(heads)
    const head = heads[first]
    if (!head || head.done) return
    yield head.value
    heads[first] = (await open[first]?.next()) ?? { done: true, value: undefined }
  }
}

function earliest<T extends { time?: string }>(heads: readonly IteratorResult<T>[]): number {
  let best = -1
  let bestTime = ''
  for (const [index, head] of heads.entries()) {
    const time = head.done ? undefined : (head.value.time ?? '')
    if (time === undefined || (best >= 0 && time >= bestTime)) continue
    best = index
    bestTime = time
  }
  return best
}
