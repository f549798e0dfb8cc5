/** Ctrl-P Ctrl-Q, by which `docker` leaves a program to itself. */
const DETACH = [0x10, 0x11] as const

/** Passes typed input on, and ends at the detach keys. Ctrl-P alone is held back until the next key. */
export async function* untilDetached(
  typed: AsyncIterable<Uint8Array>,
  onDetach: () => void,
): AsyncGenerator<Uint8Array> {
  let held = false
  for await (const chunk of typed) {
    const bytes: Buffer = held ? Buffer.concat([Uint8Array.of(DETACH[0]), chunk]) : Buffer.from(chunk)
    const at = bytes.indexOf(Uint8Array.from(DETACH))
    if (at >= 0) {
      if (at > 0) yield bytes.subarray(0, at)
      return onDetach()
    }
    held = bytes.at(-1) === DETACH[0]
    const whole = held ? bytes.subarray(0, -1) : bytes
    if (whole.length > 0) yield whole
  }
  if (held) yield Uint8Array.of(DETACH[0])
}
