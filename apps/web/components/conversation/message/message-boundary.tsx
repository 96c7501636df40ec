'use client';

import { Component, type ReactNode } from 'react';
import { noteMissingFile } from '../../../lib/update/update.ts';

interface MessageBoundaryProps {
  /** What is shown where the children cannot be drawn: nothing in it may fail. */
  fallback: ReactNode;
  /** What the children are made of: another value draws them again. */
  of: unknown;
  children: ReactNode;
}

interface MessageBoundaryState {
  of: unknown;
  failed: boolean;
}

/** A message that fails to render is shown in a plainer way, so that the conversation stays usable. */
export class MessageBoundary extends Component<MessageBoundaryProps, MessageBoundaryState> {
  override state: MessageBoundaryState = { of: this.props.of, failed: false };

  static getDerivedStateFromError(): Partial<MessageBoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    { of }: MessageBoundaryProps,
    state: MessageBoundaryState,
  ): Partial<MessageBoundaryState> | null {
    return of === state.of ? null : { of, failed: false };
  }

  override componentDidCatch(error: unknown): void {
    noteMissingFile(error);
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
