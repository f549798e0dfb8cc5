import { DATABASES, type Template } from '../template.ts'

export const shiny: Template = {
  name: 'shiny',
  summary: 'Shiny Server with R 4.5, for interactive web pages',
  image: 'rocker/shiny:4.5.2',
  role: 'workplace',
  ports: [{ variable: 'SHINY_PORT', container: 3838 }],
  mounts: [
    {
      folder: 'shiny',
      at: '/srv/shiny-server/apps',
      readOnly: true,
      why: 'Each folder in it with an app.R is a page, below /apps.',
    },
  ],
  health: {
    why: ['The list of pages.'],
    test: ['wget', '--quiet', '--output-document=/dev/null', 'http://127.0.0.1:3838'],
    start: '1m',
  },
  connects: DATABASES,
}
