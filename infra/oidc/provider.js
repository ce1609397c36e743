// An OpenID Connect provider on loopback for tests: whoever logs in as NAME is NAME, in the groups that the table says.
//   node provider.js FOLDER-OF-NODE_MODULES ORIGIN-OF-A-PAGE...     prints its address when it answers, and ends with its input
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')
const http = require('node:http')
const path = require('node:path')

const [folder, ...origins] = process.argv.slice(2)
const groups = { olga: ['netops', 'everyone'], ada: ['approvers'], sid: ['everyone'] }

// That it is for development only is what it is here for.
console.warn = console.info = () => {}
process.stdin.resume().on('end', () => process.exit(0))

async function main() {
  const { default: Provider } = await import(pathToFileURL(createRequire(path.resolve(folder, 'x.js')).resolve('oidc-provider')))
  const server = http.createServer()
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'chatops',
        client_secret: 'a secret of the tests only',
        redirect_uris: origins.map(o => `${o}/signed-in`),
        post_logout_redirect_uris: origins.map(o => `${o}/signed-out`),
      },
    ],
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id} of the tests`, groups: groups[id] ?? [] }) }),
    pkce: { methods: ['S256'], required: () => true },
  })
  server.on('request', provider.callback())
  console.log(issuer)
}

main()
