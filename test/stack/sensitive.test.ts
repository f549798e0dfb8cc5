import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rangesByWord } from '../../src/stack/said-secrets.ts'
import { namesSecret } from '../../src/stack/secret-names.ts'
import { passwordsIn, secretsInText, secretsInWords } from '../../src/stack/sensitive.ts'

test('names say whether they hold secrets', () => {
  for (const name of [
    'DB_PASSWORD',
    'NGROK_AUTHTOKEN',
    'requirepass',
    'clientSecret',
    'MINIO_SECRETKEY',
    'Authorization',
    'traefik.http.middlewares.x.basicauth.users',
  ])
    assert.ok(namesSecret(name), name)
  for (const name of [
    'TIKTOKEN',
    'MONKEY',
    'PASSWORD_FILE',
    'password-file',
    'TLS_KEY_PATH',
    'AUTHOR',
    'COMPASS',
    'secret.conf',
  ])
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
  ['mysqladmin ping -h localhost -uroot -pone-1', ['one-1']],
  ['/usr/bin/mysqldump --all-databases -p"one two" > x', ['one two']],
  ["mariadb-admin -p'one-1' ping; curl -p two", ['one-1']],
  ['mysqladmin ping -p$MYSQL_PASSWORD -p"${PW}"', []],
  ['mysql -P3306 -p db', []],
  ['mongosh -u root -p one-1 --eval x', ['one-1']],
  ['redis-cli -a one-1 ping', ['one-1']],
  ['redis-cli -h x -a "$REDIS" ping', []],
  ['curl -fsu elastic:one-1 http://x | grep -p three', ['one-1']],
  ['curl --user=elastic:one-1 --proxy-user p:two-2 http://x', ['one-1', 'two-2']],
  ['curl -u "elastic:$PW" -H "X: y:z" http://x', []],
  ['timeout 5 curl -u elastic:one-1 http://x || exit 1', ['one-1']],
  ['/opt/mssql-tools/bin/sqlcmd -S localhost -U sa -P one-1! -Q "SELECT 1"', ['one-1!']],
  ['cypher-shell -u neo4j -p one-1 "RETURN 1"', ['one-1']],
  ['mc alias set local http://minio:9000 admin one-1', ['one-1']],
  ['docker login -u me -p one-1 registry', ['one-1']],
  ['docker run -p 8080:80 nginx', []],
  ['smbclient -U me%one-1 //x/y', ['one-1']],
  ['sqlplus -s system/one-1@//localhost/XE', ['one-1']],
  ['psql -c "ALTER USER me PASSWORD \'one-1\'"', ['one-1']],
  ["CREATE USER 'a'@'%' IDENTIFIED BY 'one-1';", ['one-1']],
  ["sh -c 'PGPASSWORD=one-1 psql; mysqladmin -ptwo-2 ping'", ['one-1', 'two-2']],
  ['root:one-1@tcp(db:3306)/shop', ['one-1']],
  ['--mongo admin:one-1@mongo:27017', ['one-1']],
  ['mailto:me@example.com, nginx:1.25@sha256:0123456789abcdef, 10:30@noon', []],
  [
    'admin:$2y$05$abcdefghijklmnopqrstuv,me:$apr1$salt$abcdefghijklmnop',
    ['$2y$05$abcdefghijklmnopqrstuv', '$apr1$salt$abcdefghijklmnop'],
  ],
  ['me:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', ['{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=']],
  ['-H "Authorization: ApiKey one-1" -H "X-Api-Key: two-2"', ['one-1', 'two-2']],
]

const URLS: [text: string, secrets: string[]][] = [
  ['postgres://me:one-1@db/x', ['one-1']],
  ['postgres://me@db/x', []],
  ['amqp://me:one%201@mq', ['one 1', 'one%201']],
  ['https://one-1@sentry.example.com/1', ['one-1']],
  ['https://one-1:@api.example.com https://two-2:x-oauth-basic@github.com/a/b', ['one-1', 'two-2']],
  ['https://git@github.com/a/b ssh://me@host', []],
  ['https://${KEY}@host https://me:$PW@host', []],
  ['redis://:one-1@redis:6379', ['one-1']],
  ['mysql://me:one@1@db/x', ['one@1']],
  ['{"a": "http://x", "b": "me@y"}', []],
  ['http://x:8080/a@b', []],
]

for (const [text, secrets] of URLS)
  test(`passwords in the URL: ${text}`, () => assert.equal([...new Set(passwordsIn(text))].sort(), secrets))

for (const [text, secrets] of TEXTS)
  test(`secrets in the text: ${text}`, () => assert.equal([...new Set(secretsInText(text))].sort(), secrets))

test('a shell command is not a secret as a whole', () => {
  assert.equal([...new Set(secretsInWords(['sh', '-c', 'TOKEN=one-1 serve']))], ['one-1'])
  assert.equal([...new Set(secretsInWords(['env', 'TOKEN=one two', 'serve']))].sort(), ['one', 'one two'])
})

const said = (words: string[]) =>
  rangesByWord(words).map((ranges, at) => ranges.map(([from, to]) => words[at]?.slice(from, to)))

test('a secret belongs to the word that holds it, not to others that look like it', () => {
  assert.equal(said(['mysqladmin', 'ping', '-uroot', '-proot']), [[], [], [], ['root']])
  assert.equal(said(['redis-cli', '-a', 'redis', 'ping']), [[], [], ['redis'], []])
  assert.equal(said(['serve', '--token', 'serve']), [[], [], ['serve']])
  assert.equal(said(['CMD', 'curl', '-u', 'me:one', 'http://me']), [[], [], [], ['one'], []])
})

test.run()
