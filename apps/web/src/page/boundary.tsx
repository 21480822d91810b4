import { Component, type ReactNode } from 'react';

interface BoundaryProps {
  readonly children: ReactNode;
  readonly fallback: ReactNode;
  /** When it changes, the children are tried again. */
  readonly content: unknown;
}

interface BoundaryState {
  /** The content whose children have thrown. */
  readonly failed?: { readonly content: unknown };
}

/** Shows something else in place of children that throw, so that they take nothing of the page with them. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromProps({ content }: BoundaryProps, { failed }: BoundaryState): BoundaryState | null {
    return failed && failed.content !== undefined && failed.content !== content ? { failed: undefined } : null;
  }

  static getDerivedStateFromError(): BoundaryState {
    return { failed: { content: undefined } };
  }

  override componentDidCatch(): void {
    this.setState({ failed: { content: this.props.content } });
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
