/** A definition of schemas/stack.schema.json, as far as its attributes are concerned. */
export interface SchemaNode {
  $ref?: string
  description?: string
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  additionalProperties?: SchemaNode | boolean
}

export interface Schema {
  $defs: Record<string, SchemaNode>
  properties?: Record<string, SchemaNode>
}

/** Every attribute of a definition by its dotted path, with its description; `*` on the way stands for keys and list members. */
export function attributesOf(schema: Schema, node: SchemaNode, path = ''): Map<string, string> {
  const { properties = {}, items, additionalProperties: more, $ref } = node
  const name = $ref?.split('/').at(-1)
  const found = name === undefined ? [] : [...attributesOf(schema, schema.$defs[name] ?? {}, path)]
  const below = (key: string, each: SchemaNode) => [...attributesOf(schema, each, path === '' ? key : `${path}.${key}`)]
  for (const [key, each] of Object.entries(properties))
    found.push([path === '' ? key : `${path}.${key}`, descriptionOf(schema, each)], ...below(key, each))
  if (items) found.push(...below('*', items))
  if (typeof more === 'object') found.push(...below('*', more))
  return new Map(found)
}

function descriptionOf(schema: Schema, { description, $ref }: SchemaNode): string {
  return description ?? schema.$defs[$ref?.split('/').at(-1) ?? '']?.description ?? ''
}
