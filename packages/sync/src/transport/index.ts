export { type Api, createApi } from './api.ts';
export { callsOver } from './calls.ts';
export { createHttp, type HttpOptions } from './http.ts';
export type { Call, CallOptions, Calls, Connect, PersonalChange, PushHandlers, PushSocket } from './port.ts';
export { connectSocket } from './socket.ts';
export { createTransport, type Transport, transportOver } from './transport.ts';
