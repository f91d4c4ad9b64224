import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readClients } from './file.ts'

const judging = {
  signs: ['RS256', 'ES256'],
  scopes: ['openid', 'email', 'offline_access'],
  checkAddress: (url: string) => assert.match(url, /^https:\/\/[a-z]/),
}
const mistakesIn = (text: string) =>
  readClients(text, judging).mistakes.map(({ line, field }) => `${line} ${field}`)

const good = `# Our applications
clients:
  - id: shop
    kind: web
    name: The shop
    redirect_uris:
      - https://shop.example/callback
    scope: openid email
  - id: worker
    kind: machine
    name: The worker
    disabled: true
`

test('a file in YAML and the same in JSON say the same', () => {
  const { clients, mistakes } = readClients(good, judging)
  assert.deepEqual(mistakes, [])
  assert.deepEqual(
    clients.map(({ id, name, isDisabled, metadata }) => [id, name, isDisabled, metadata.scope]),
    [
      ['shop', 'The shop', false, 'openid email'],
      ['worker', 'The worker', true, ''],
    ],
  )
  const json = JSON.stringify(
    {
      clients: [
        {
          id: 'shop',
          kind: 'web',
          name: 'The shop',
          redirect_uris: ['https://shop.example/callback'],
          scope: 'openid email',
        },
        { id: 'worker', kind: 'machine', name: 'The worker', disabled: true },
      ],
    },
    null,
    '\t',
  )
  assert.deepEqual(readClients(json, judging).clients, clients)
  assert.deepEqual(readClients('clients: []', judging), { clients: [], mistakes: [] })
})

test('every mistake has its line and its field, and repeats no value', () => {
  const wrong = `clients:
  - id: shop
    kind: web
    name: The shop
    redirect_uris:
      - https://shop.example/callback
      - javascript:alert(1)
  - id: a/b
    kind: none
    name: ""
  - id: shop
    kind: machine
    name: Twice
    evil: yes
    access_token_seconds: 1
  - id: page
    kind: spa
    name: Page
    jwks_uri: https://10.0.0.1/
  - id: shop
    kind: machine
    name: Again
`
  const { clients, mistakes } = readClients(wrong, judging)
  assert.deepEqual(clients, [])
  assert.deepEqual(
    mistakes.map(({ line, field }) => `${line} ${field}`),
    [
      '6 clients/0/redirect_uris',
      '8 clients/1/id',
      '9 clients/1/kind',
      '10 clients/1/name',
      '15 clients/2/access_token_seconds',
      '14 clients/2/evil',
      '16 clients/3/redirect_uris',
      '19 clients/3/jwks_uri',
      '11 clients/2/id',
      '20 clients/4/id',
    ],
  )
  assert.doesNotMatch(JSON.stringify(mistakes), /alert|10\.0\.0/)
})

test('what is no such file is refused whole: broken, with aliases, with tags, with words twice, or of another shape', () => {
  const cases: [string, string][] = [
    ['clients:\n  - id: [', '2 '],
    ['clients: []\nclients: []\n', '2 '],
    ['a: &a [1]\nclients: [*a, *a]\n', '1 '],
    ['clients: !!js/function "x"\n', '1 '],
    ['', '1 '],
    ['[]', '1 '],
    ['clients:\n  shop: {}\n', '2 clients'],
    ['clients: []\nmore: 1\n', '2 more'],
    ['clients:\n  - shop\n', '2 clients/0'],
    ['clients:\n  - {id: shop, kind: web, name: Shop, client_secret: mine}', '2 clients/0/client_secret'],
    ['clients:\n  - id: 12\n    kind: machine\n    name: Number', '2 clients/0/id'],
    ['%YAML 9.9\n---\nclients: []', '1 '],
    ['clients: []\n---\nclients: []\n', '2 '],
  ]
  for (const [text, first] of cases) assert.equal(mistakesIn(text)[0], first, JSON.stringify(text))
})

test('a file that grows when it is read is not read', () => {
  const lines = Array.from(
    { length: 30 },
    (_, n) => `a${n}: &a${n} [${n === 0 ? 1 : `*a${n - 1}, *a${n - 1}`}]`,
  )
  assert.deepEqual(mistakesIn([...lines, 'clients: []'].join('\n')), ['1 '])
})
