import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { namesSecret, secretsInText, secretsInWords } from '../../src/stack/sensitive.ts'

test('names say whether they hold secrets', () => {
  for (const name of [
    'DB_PASSWORD',
    'NGROK_AUTHTOKEN',
    'requirepass',
    'clientSecret',
    'MINIO_SECRETKEY',
    'Authorization',
  ])
    assert.ok(namesSecret(name), name)
  for (const name of ['TIKTOKEN', 'MONKEY', 'PASSWORD_FILE', 'password-file', 'TLS_KEY_PATH', 'AUTHOR', 'COMPASS'])
    assert.not(namesSecret(name), name)
})

const TEXTS: [text: string, secrets: string[]][] = [
  ["sh -c 'serve --password=one-1 API_TOKEN=two-2'", ['one-1', 'two-2']],
  ['serve --api-key one-1 --verbose', ['one-1']],
  ['Server=db;Password=one-1;Encrypt=no', ['one-1']],
  ['{"user": "x", "password": "one two"}', ['one two']],
  ['Authorization: Bearer one-1', ['one-1']],
  ['https://x.example/?api_key=one-1&page=2', ['one-1']],
  ['http://auth:8080/token', []],
  ['--auth=true --password "$PASSWORD" --token $(cat /run/secrets/t)', []],
  ['the password is asked for', []],
]

for (const [text, secrets] of TEXTS)
  test(`what a text calls secret: ${text}`, () => assert.equal([...new Set(secretsInText(text))].sort(), secrets))

test('a shell command is not a secret as a whole', () => {
  assert.equal([...new Set(secretsInWords(['sh', '-c', 'TOKEN=one-1 serve']))], ['one-1'])
  assert.equal([...new Set(secretsInWords(['env', 'TOKEN=one two', 'serve']))].sort(), ['one', 'one two'])
})

test.run()
