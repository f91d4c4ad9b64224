/** Where an answer may go, compared sign by sign (RFC 9700, section 2.1), and what of a pushed request may be named (RFC 9126). */
import { rows, type Check } from './check.ts'

export const redirectChecks: readonly Check[] = [
  ...rows('authorize', 'RFC 9700, section 2.1', [
    {
      what: 'a redirect to somebody else',
      form: { redirect_uri: 'https://evil.example/' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a longer path',
      form: { redirect_uri: 'https://shop.example/callback/x' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a path out of it',
      form: { redirect_uri: 'https://shop.example/callback/../x' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a query',
      form: { redirect_uri: 'https://shop.example/callback?x=1' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a fragment',
      form: { redirect_uri: 'https://shop.example/callback#x' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a port',
      form: { redirect_uri: 'https://shop.example:443/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect in capitals',
      form: { redirect_uri: 'https://SHOP.example/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect with a name in front',
      form: { redirect_uri: 'https://a@shop.example/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect without encryption',
      form: { redirect_uri: 'http://shop.example/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect under another host',
      form: { redirect_uri: 'https://x.shop.example/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect that ends like it',
      form: { redirect_uri: 'https://evil.example/https://shop.example/callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect that a browser would read otherwise',
      form: { redirect_uri: 'https://shop.example\\callback' },
      says: 'page 400',
    },
    {
      what: 'a redirect with percent signs',
      form: { redirect_uri: 'https://shop.example/%63allback' },
      says: 'page 400',
    },
    {
      what: 'a script instead of a redirect',
      form: { redirect_uri: 'javascript:alert(1)' },
      says: 'page 400',
    },
    { what: 'an empty redirect', form: { redirect_uri: '' }, says: 'page 400' },
    { what: 'no redirect', form: { redirect_uri: null }, says: 'page 400' },
    {
      what: 'two redirects',
      form: { redirect_uri: ['https://shop.example/callback', 'https://evil.example/'] },
      says: 'page 400',
    },
  ]),
  ...rows('par', 'RFC 9126, section 2.3', [
    {
      what: 'a redirect to somebody else',
      form: { redirect_uri: 'https://evil.example/' },
      says: '400 invalid_request',
    },
    {
      what: 'a redirect with a longer path',
      form: { redirect_uri: 'https://shop.example/callback/x' },
      says: '400 invalid_request',
    },
    {
      what: 'a redirect with a query',
      form: { redirect_uri: 'https://shop.example/callback?x=1' },
      says: '400 invalid_request',
    },
    { what: 'no redirect', form: { redirect_uri: null }, says: '400 invalid_request' },
    {
      what: 'a request that was pushed before',
      form: { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      says: '400 request_uri_not_supported',
    },
    {
      what: 'another client than the one that proves itself',
      form: { client_id: 'other' },
      says: '400 invalid_request',
    },
    { what: 'another way to ask', method: 'GET', says: '405' },
  ]),
  ...rows('authorize', 'RFC 9126, section 4', [
    {
      what: 'a request that nobody pushed',
      form: { request_uri: 'urn:ietf:params:oauth:request_uri:nothing' },
      says: 'back invalid_request_uri',
    },
    {
      what: 'a request at an address of others',
      form: { request_uri: 'https://shop.example/request.jwt' },
      says: 'back request_uri_not_supported',
    },
  ]),
]
