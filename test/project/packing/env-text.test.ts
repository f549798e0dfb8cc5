import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withoutSecrets } from '../../../src/project/packing/env-text.ts'

const NOTHING = { values: new Set<string>(), paths: new Set<string>(), known: new Set(['tiny']) }

/** Lines of an env file, and what is left of them. */
const CASES: [name: string, before: string, after: string][] = [
  ['a setting in a comment', '# MYSQL_PASSWORD=old\nPORT=1', '# MYSQL_PASSWORD=\nPORT=1'],
  ['several marks of a comment', '## export API_TOKEN="a b"', '## export API_TOKEN='],
  ['a password in a URL', 'DATABASE_URL=postgres://u:pw@h/db', 'DATABASE_URL=postgres://u:@h/db'],
  ['a password in a URL in a comment', '# or postgres://u:pw@h/db', '# or postgres://u:@h/db'],
  ['an option', 'ARGS=--user me --password pw99x --port 1', 'ARGS='],
  ['a quote after a backslash', 'PASSWORD="a\\"b\nrest"\nPORT=1', 'PASSWORD=\nPORT=1'],
  ['a single quote after a backslash', "PASSWORD='a\\'b\nrest'\nPORT=1", 'PASSWORD=\nPORT=1'],
  ['a backslash before the last quote', 'PASSWORD="a\\\\"\nPORT=1', 'PASSWORD=\nPORT=1'],
  ['a short value that is a secret elsewhere', 'OTHER="tiny" # as above\nNEXT=tiny # too', 'OTHER=\nNEXT='],
  ['the middle of another value', 'SETTINGS=\'{\n"token": "abc99"\n}\'', 'SETTINGS=\'{\n"token": ""\n}\''],
  ['nothing', '# of the lab\nPORT=80\nNAME="a b" # said\n', '# of the lab\nPORT=80\nNAME="a b" # said\n'],
]

for (const [name, before, after] of CASES)
  test(`an env file loses its secrets: ${name}`, () => assert.is(withoutSecrets(before, NOTHING)?.text, after))

test('blanking twice is blanking once', () => {
  for (const [, before] of CASES) {
    const { text = '' } = withoutSecrets(before, NOTHING) ?? {}
    assert.is(withoutSecrets(text, NOTHING)?.text, text)
  }
})

test.run()
