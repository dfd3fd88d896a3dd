import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainText } from './exchange.ts'
import { Router, type Route } from './router.ts'

const route = (pattern: string): Route => ({ method: 'GET', pattern, answer: () => plainText(pattern, 200) })
const router = new Router([route('/api/clusters'), route('/api/instance/:host/:port'), route('/api/cluster/alias/:clusterAlias'), route('/api/cluster/:a/:b')])
const found = (path: string, method = 'GET'): string | undefined => router.find(method, path)?.route.pattern

test('one trailing slash is optional and two are not', () => {
  assert.equal(found('/api/clusters'), '/api/clusters')
  assert.equal(found('/api/clusters/'), '/api/clusters')
  assert.equal(found('/api/clusters//'), undefined)
  assert.equal(found('//api/clusters'), undefined)
})

test('a parameter is one segment that is not empty', () => {
  assert.deepEqual(router.find('GET', '/api/instance/db1/3306')?.parameters, { host: 'db1', port: '3306' })
  assert.equal(found('/api/instance//3306'), undefined)
  assert.equal(found('/api/instance/a?b/3306'), undefined)
})

test('the first route that fits is taken', () => {
  assert.equal(found('/api/cluster/alias/shop'), '/api/cluster/alias/:clusterAlias')
  assert.equal(found('/api/cluster/other/shop'), '/api/cluster/:a/:b')
})

test('HEAD goes where GET goes and other methods nowhere', () => {
  assert.equal(found('/api/clusters', 'HEAD'), '/api/clusters')
  assert.equal(found('/api/clusters', 'PUT'), undefined)
})
