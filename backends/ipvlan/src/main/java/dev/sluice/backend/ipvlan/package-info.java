/** The IPVLAN datapath: each endpoint's ipvlan on a parent of its own, judged beyond the parent. */
package dev.sluice.backend.ipvlan;
