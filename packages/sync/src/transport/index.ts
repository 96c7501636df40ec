export { createHttp, type Http, type HttpOptions } from './http.ts';
export { connectSocket } from './socket.ts';
export { createTransport } from './transport.ts';
