/**
 * Sends a stream to a call. If the stream itself fails, its error is thrown, and not what the engine makes of a request that breaks off.
 * The stream is closed in any case.
 */
export async function sent<T>(
  source: AsyncIterable<Uint8Array>,
  call: (source: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = []
  const watched = watch(source, failures)
  try {
    return await call(watched)
  } catch (error) {
    throw failures[0] ?? error
  } finally {
    await watched.return(undefined)
  }
}

async function* watch(source: AsyncIterable<Uint8Array>, failures: unknown[]): AsyncGenerator<Uint8Array> {
  try {
    yield* source
  } catch (error) {
    failures.push(error)
    throw error
  }
}
