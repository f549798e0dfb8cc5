import * as assert from 'uvu/assert'
import { StackError } from '../../src/diagnostics/checked.ts'

/** The work fails because the stack of another place cannot be used. */
export async function fails(work: Promise<unknown>, code = 'remote-unavailable'): Promise<void> {
  const outcome = await work.then(
    () => 'success',
    (thrown) => (thrown instanceof StackError ? thrown.diagnostics.map(({ code }) => code).join() : thrown),
  )
  assert.is(outcome, code)
}
