import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shortComparison } from '../../../scripts/clients/lib/short.mjs'
import { ensureBuilt } from '../../support/cli.ts'
import { liveEngine } from '../../support/live.ts'
import { ensureScratchImage } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'

/** Registers a test that a client sees the same with flotilla as with docker compose; skipped, with the reason, where one of them is missing. */
export async function testClient(client: string): Promise<void> {
  const name = `${client} sees the same with flotilla as with docker compose`
  const found = await comparison(client)
  if ('skip' in found) {
    console.log(`skipped: ${found.skip}`)
    test.skip(name)
    return
  }
  test(name, async () => {
    const rows = await found.run()
    assert.ok(rows.length > 0)
    for (const { name, theirs, fault } of rows) {
      assert.ok(theirs.passed, `${name} with docker compose: ${theirs.message}`)
      assert.is(fault, undefined, `${name}: ${fault}`)
    }
  })
}

async function comparison(client: string) {
  const live = await liveEngine()
  if ('skip' in live) return live
  const plugin = await composePlugin()
  if ('skip' in plugin) return plugin
  const docker = await compose(['docker'], ['--version'], {}).catch(() => undefined)
  if (docker === undefined) return { skip: 'there is no docker command' }
  ensureBuilt()
  return shortComparison(client, { image: await ensureScratchImage(live.engine), log: () => undefined })
}
