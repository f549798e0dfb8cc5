import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { refusal } from '../../../../src/docker/adapter/http/refusal.ts'

const ASKED = 'GET /containers/json at tcp://127.0.0.1:1'

function refused(status: number, body: string) {
  const response = new IncomingMessage(new Socket())
  response.statusCode = status
  response.push(body)
  response.push(null)
  return refusal(ASKED, response)
}

const TOLD: [status: number, body: string, message: string][] = [
  [409, '{"message":"the name is in use"}', 'the name is in use'],
  [500, '{"message":"a\\n\\nerror[x]: b\\r\\n c\\u2028d\\n"}', 'a error[x]: b c d'],
  [500, '{"error":"  several \\n words "}', 'several words'],
  [407, 'proxy says no\n', `${ASKED}: status 407: proxy says no`],
  [404, '{"message":"\\n"}', `${ASKED}: status 404 with "{"message":"\\n"}"`],
]

for (const [status, body, message] of TOLD) {
  test(`${status} ${body}`, async () => assert.is((await refused(status, body)).message, message))
}

test.run()
