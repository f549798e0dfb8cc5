import type { Template } from '../template.ts'

export const adminer: Template = {
  name: 'adminer',
  summary: 'Adminer 5, a web page for relational databases',
  image: 'adminer:5.4.2',
  role: 'workplace',
  ports: [{ variable: 'ADMINER_PORT', container: 8080 }],
  health: {
    why: ['The page that asks for the login.'],
    test: ['php', '-r', "exit(file_get_contents('http://127.0.0.1:8080/') === false ? 1 : 0);"],
    start: '30s',
  },
  connects: ['mysql', 'postgresql'],
  connected: ({ name }) => ({ ADMINER_DEFAULT_SERVER: name }),
  drivers: (others) => [
    `Log in with the system ${systemsOf(others)}, the name of the service as server, and lab as user and database.`,
  ],
}

function systemsOf(others: readonly Template[]): string {
  const names = others.map(({ role }) => (role === 'mysql' ? 'MySQL / MariaDB' : 'PostgreSQL'))
  return [...new Set(names)].join(' or ')
}
