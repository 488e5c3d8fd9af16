/** The MACVLAN datapath: slaves of a parent in the node, judged and turned round at the parent. */
package dev.sluice.backend.macvlan;
