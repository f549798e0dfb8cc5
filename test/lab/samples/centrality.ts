/** Centrality of an undirected graph, by textbook methods, to compare with what graph_tool and igraph find. */
export interface Graph {
  vertices: string[]
  edges: { a: string; b: string; weight: number }[]
}

type Neighbours = Map<string, { to: string; weight: number }[]>

export function neighboursIn({ vertices, edges }: Graph): Neighbours {
  const found: Neighbours = new Map(vertices.map((each) => [each, []]))
  for (const { a, b, weight } of edges) {
    found.get(a)?.push({ to: b, weight })
    found.get(b)?.push({ to: a, weight })
  }
  return found
}

/** The share of pairs whose shortest paths lead through a vertex (U. Brandes, 2001), with Dijkstra's search. */
export function betweenness(graph: Graph): Record<string, number> {
  const neighbours = neighboursIn(graph)
  const total = Object.fromEntries(graph.vertices.map((each) => [each, 0]))
  for (const source of graph.vertices) {
    const { order, before, paths } = shortestPaths(neighbours, source)
    const share = new Map<string, number>()
    for (const vertex of order.reverse()) {
      const own = share.get(vertex) ?? 0
      for (const each of before.get(vertex) ?? [])
        share.set(each, (share.get(each) ?? 0) + (count(paths, each) / count(paths, vertex)) * (1 + own))
      if (vertex !== source) total[vertex] = (total[vertex] ?? 0) + own
    }
  }
  const pairs = (graph.vertices.length - 1) * (graph.vertices.length - 2)
  return Object.fromEntries(Object.entries(total).map(([vertex, sum]) => [vertex, sum / pairs]))
}

function count(paths: Map<string, number>, vertex: string): number {
  return paths.get(vertex) ?? 0
}

/** From one vertex: the others by distance, those before each on shortest paths, and the numbers of these paths. */
function shortestPaths(neighbours: Neighbours, source: string) {
  const distance = new Map([[source, 0]])
  const before = new Map<string, string[]>()
  const paths = new Map([[source, 1]])
  const order: string[] = []
  const open = new Set([source])
  while (open.size > 0) {
    const vertex = [...open].reduce((a, b) => (length(distance, b) < length(distance, a) ? b : a))
    open.delete(vertex)
    order.push(vertex)
    for (const { to, weight } of neighbours.get(vertex) ?? []) {
      const reached = length(distance, vertex) + weight
      if (reached < length(distance, to)) {
        distance.set(to, reached)
        before.set(to, [vertex])
        paths.set(to, count(paths, vertex))
        open.add(to)
      } else if (reached === length(distance, to)) {
        before.get(to)?.push(vertex)
        paths.set(to, count(paths, to) + count(paths, vertex))
      }
    }
  }
  return { order, before, paths }
}

function length(distance: Map<string, number>, vertex: string): number {
  return distance.get(vertex) ?? Number.POSITIVE_INFINITY
}

/** Where a visitor is who follows edges at random, and in 15 % of the steps, or where there is no edge, goes anywhere. */
export function pagerank(graph: Graph): Record<string, number> {
  const neighbours = neighboursIn(graph)
  const size = graph.vertices.length
  let rank = new Map(graph.vertices.map((each) => [each, 1 / size]))
  for (let round = 0; round < 500; round++) {
    const lost = graph.vertices.reduce((sum, each) => sum + (neighbours.get(each)?.length ? 0 : count(rank, each)), 0)
    const next = (vertex: string) =>
      (neighbours.get(vertex) ?? []).reduce(
        (sum, { to }) => sum + count(rank, to) / (neighbours.get(to)?.length ?? 1),
        0,
      )
    rank = new Map(graph.vertices.map((each) => [each, 0.15 / size + 0.85 * (next(each) + lost / size)]))
  }
  return Object.fromEntries(rank)
}
