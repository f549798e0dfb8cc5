import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isSecretName } from '../../../src/project/locking/files.ts'

const SECRET =
  '.env .env.local prod.env .envrc .password .secret .token .vault_pass .htpasswd .my.cnf .netrc .git-credentials id_rsa server.key db.password db-password.txt secrets/db.txt .kube/config .docker/config.json a/Secrets/b/c.txt .ssh/known_hosts'
const PLAIN =
  'stack.yaml environment.yml data.csv config.json db.txt notebook.ipynb docker/config.json keyboard.json a.envelope tokenizer/vocab.txt .dockerignore .gitignore Dockerfile'

test('files are known as secrets by their names and folders', () => {
  assert.equal(
    SECRET.split(' ').filter((path) => !isSecretName(path)),
    [],
  )
})

test('ordinary files are not', () => {
  assert.equal(PLAIN.split(' ').filter(isSecretName), [])
})

test.run()
