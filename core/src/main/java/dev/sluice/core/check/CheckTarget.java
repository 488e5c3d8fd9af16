package dev.sluice.core.check;

import dev.sluice.core.sys.Netns;

/** The namespaces of a running topology; the caller keeps them open while a check runs. */
public interface CheckTarget {

  Netns node();

  /** The namespace of the endpoint of that name. */
  Netns endpoint(String name);

  /** The namespace of a place. */
  default Netns netns(Place place) {
    return place instanceof Place.OfEndpoint endpoint ? endpoint(endpoint.name()) : node();
  }
}
