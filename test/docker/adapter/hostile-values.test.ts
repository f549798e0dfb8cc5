import type { ServerResponse } from 'node:http'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wrongTypes } from '../../support/hostile/ways.ts'
import { routeOf } from '../../support/hostile/world.ts'
import { CALLS, type Call } from './hostile-calls.ts'
import { ending, isReported, LONGEST_MS, PLENTY_S, type Scene, within } from './hostile-scene.ts'

test('every value of an answer may be of another kind', async () => {
  const calls = Object.entries(CALLS)
  const reported = await Promise.all(
    calls.map(([name, call]) => within((scene) => ofOtherKinds(scene, name, call), PLENTY_S)),
  )
  assert.ok(reported.flat().length > 500, `${reported.flat().length} reported`)
})

/** Which of them were refused; the others do not matter to anybody. */
async function ofOtherKinds({ engine, client }: Scene, name: string, call: Call): Promise<string[]> {
  await ending(client, call, LONGEST_MS)
  const [route = ''] = [...engine.called].slice(-1)
  const reported: string[] = []
  for (const { path, answer } of wrongTypes(goodAnswer(route))) {
    const body = JSON.stringify(answer)
    engine.misbehave((called) => (called === route ? (_, __, response) => give(response, body) : undefined))
    const ended = await ending(client, call, LONGEST_MS)
    if ('value' in ended) continue
    isReported(ended, `${name}${path}`)
    assert.match((ended.thrown as Error).message, / instead of /, `${name}${path}`)
    reported.push(path)
  }
  return reported
}

function give(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(body)
}

function goodAnswer(route: string): unknown {
  const [method = '', path = ''] = route.split(' ')
  const { status, body } = routeOf(method, path.replaceAll(/ID|NAME/g, 'x')).answer
  return status < 300 ? body : undefined
}

test.run()
