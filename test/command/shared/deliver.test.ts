import { readdirSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import { withLab } from '../support.ts'

/** Commands that write to a file that the user names last. */
const COMMANDS = [
  ['plan', '--out'],
  ['config', '--output'],
]

for (const command of COMMANDS) {
  test(`${command.join(' ')}: a file without a name is refused as such, and nothing is written or printed`, async () => {
    await withLab(
      { 'compose.yaml': 'name: lab\nservices: { web: { image: "web:1" } }\n' },
      { images: { 'web:1': {} } },
      async (own) => {
        const before = readdirSync(own.directory, { recursive: true })
        const { code, out, err } = await own.begin([...command, ''], { writeFile: writeWhole }).ended
        assert.equal([code, out], [1, ''])
        assert.match(err, /^error\[usage\]: FILE is empty/)
        assert.equal(readdirSync(own.directory, { recursive: true }), before)
      },
    )
  })
}

test.run()
