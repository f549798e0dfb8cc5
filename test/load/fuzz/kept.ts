/** What broke a law once, as small as it got: files below /lab, of which stack.yaml is loaded. */
export const KEPT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a service that is named and reset': {
    'stack.yaml': 'services:\n  a: { image: x, ipc: "service:e" }\n  e: !reset\n',
  },
  'a volume that only the extended file declares': {
    'stack.yaml': 'services: { a: { extends: { file: base.yaml, service: b } } }',
    'base.yaml': 'services: { b: { image: x, volumes: ["named:/n"] } }\nvolumes: { named: }',
  },
  'an infinite image': { 'stack.yaml': 'services: { a: { image: .inf } }' },
  'a placement of nothing': {
    'stack.yaml': 'services: { a: { image: x, deploy: { placement: { constraints: [] } } } }',
  },
}
